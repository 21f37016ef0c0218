/** Dollars in us-east-1, without tax; where each was found stands in docs/cost.md. Free: what AWS gives every account each month, also after its first year. */
export const PRICES = {
  lambdaGbSecond: { price: 0.0000133334, free: 400_000 },
  lambdaRequest: { price: 0.2e-6, free: 1_000_000 },
  sqsFifoRequest: { price: 0.5e-6, free: 0 },
  /** The free million is for both sorts of queues together; it is taken off here. */
  sqsStandardRequest: { price: 0.4e-6, free: 1_000_000 },
  snsPublish: { price: 0.5e-6, free: 1_000_000 },
  httpApiRequest: { price: 1e-6, free: 0 },
  schedulerInvocation: { price: 1e-6, free: 14_000_000 },
  s3Put: { price: 0.005e-3, free: 0 },
  s3Get: { price: 0.0004e-3, free: 0 },
  s3GbMonth: { price: 0.023, free: 0 },
  secretMonth: { price: 0.4, free: 0 },
  secretRequest: { price: 0.05e-4, free: 0 },
  logGb: { price: 0.5, free: 5 },
  logGbMonth: { price: 0.03, free: 5 },
  metricMonth: { price: 0.3, free: 10 },
  alarmMonth: { price: 0.1, free: 10 },
  dashboardMonth: { price: 3, free: 3 },
} as const satisfies Readonly<Record<string, { readonly price: number; readonly free: number }>>;

export type PriceName = keyof typeof PRICES;

/** What Sluice is held against. */
export const OTHERS = {
  m7gLargeHour: 0.0816,
  m7gLarge: { cpu: 2, gib: 8 },
  fargateArmCpuHour: 0.03238,
  fargateArmGibHour: 0.00356,
  argoCapabilityHour: 0.03,
  argoApplicationHour: 0.0015,
  argoApplicationsMost: 1000,
} as const;

/** The requests of Flux's four controllers as `flux install` writes them, and the least that Fargate sells for a pod. */
export const FLUX_REQUESTS = { controllers: 4, cpu: 0.05 + 3 * 0.1, gib: (4 * 64) / 1024, fargatePod: { cpu: 0.25, gib: 0.5 } } as const;

export const HOURS_PER_MONTH = 730;
