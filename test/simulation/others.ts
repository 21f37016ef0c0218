import { FLUX_REQUESTS, HOURS_PER_MONTH, OTHERS } from "./prices.ts";

/** What the others cost in a month, in dollars, for so many clusters and Kustomizations (or Applications) in each. */
export type Alternative = { readonly what: string; readonly how: string; readonly dollars: number };

export function alternatives(clusters: number, each: number): readonly Alternative[] {
  const { m7gLarge, m7gLargeHour, fargateArmCpuHour, fargateArmGibHour, argoCapabilityHour, argoApplicationHour, argoApplicationsMost } = OTHERS;
  const { controllers, cpu, gib, fargatePod } = FLUX_REQUESTS;
  const share = Math.max(cpu / m7gLarge.cpu, gib / m7gLarge.gib);
  const pod = fargatePod.cpu * fargateArmCpuHour + fargatePod.gib * fargateArmGibHour;
  const applications = clusters * each;
  const hubs = Math.ceil(applications / argoApplicationsMost);
  const argo = (capabilities: number): number => HOURS_PER_MONTH * (capabilities * argoCapabilityHour + applications * argoApplicationHour);
  return [
    {
      what: "Flux on nodes",
      how: `requests of ${controllers} controllers, ${cpu.toFixed(2)} vCPU, are ${(share * 100).toFixed(1)} % of an m7g.large in each cluster`,
      dollars: clusters * HOURS_PER_MONTH * share * m7gLargeHour,
    },
    {
      what: "Flux on Fargate",
      how: `${controllers} pods of ${fargatePod.cpu} vCPU and ${fargatePod.gib} GiB in each cluster`,
      dollars: clusters * HOURS_PER_MONTH * controllers * pod,
    },
    {
      what: "EKS capability for Argo CD, hubs",
      how: `${hubs} of at most ${argoApplicationsMost} Applications, ${applications} Applications`,
      dollars: argo(hubs),
    },
    ...(hubs === clusters
      ? []
      : [{ what: "EKS capability for Argo CD, one in each cluster", how: `${clusters}, ${applications} Applications`, dollars: argo(clusters) }]),
  ];
}
