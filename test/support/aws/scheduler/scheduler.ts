import { AwsProblem, notInTheFake } from "../answer.ts";
import type { AwsClock } from "../clock.ts";
import { type Input, maybeText, recordOf, textOf } from "../input.ts";
import type { InvokeLater } from "../lambda/asynchronous.ts";
import { functionNameOf } from "../lambda/lambda.ts";
import { createRestJsonService, type Route } from "../protocol/rest-json.ts";
import { type Place, placeOf } from "../request.ts";
import type { Service } from "../service.ts";
import type { SendToQueue } from "../sqs/sqs.ts";

export type FakeScheduler = {
  /** A schedule of the fake's own account: `rate(n minutes)` to a function or a queue (its ARN). */
  createSchedule(name: string, expression: string, target: Target): void;
  deleteSchedule(name: string): void;
  /** What goes wrong with the next ticks: so many are left out, so many come twice, all of them late by so much. */
  disturb(name: string, disturbance: { readonly miss?: number; readonly double?: number; readonly lateMs?: number }): void;
  /** What could not be given to its target. */
  failures(): readonly string[];
};

export type Target = { readonly arn: string; readonly input?: string; readonly messageGroupId?: string };

type Schedule = {
  readonly name: string;
  readonly arn: string;
  readonly expression: string;
  readonly periodMs: number;
  readonly target: Target;
  readonly createdAt: number;
  miss: number;
  double: number;
  lateMs: number;
  cancel: () => void;
};

const UNITS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };
const invalid = (message: string): AwsProblem => new AwsProblem("ValidationException", message);

/** EventBridge Scheduler as far as Sluice uses it. Source: EventBridge Scheduler User Guide, "Schedule types", "Adding context attributes"; API. */
export function createScheduler(
  clock: AwsClock,
  home: Place,
  send: SendToQueue,
  later: InvokeLater,
): { readonly service: Service; readonly scheduler: FakeScheduler } {
  const schedules = new Map<string, Schedule>();
  const failures: string[] = [];
  let executions = 0;
  const arnOf = (place: Place, name: string): string => `arn:aws:scheduler:${place.region}:${place.account}:schedule/default/${name}`;

  const deliver = (schedule: Schedule, scheduledAt: number): void => {
    executions += 1;
    const text = renderInput(schedule, scheduledAt, executions);
    const { arn, messageGroupId } = schedule.target;
    try {
      if (arn.includes(":lambda:")) later(functionNameOf(arn), JSON.parse(text));
      else send(arn, { MessageBody: text, MessageGroupId: messageGroupId });
    } catch (thrown) {
      failures.push(thrown instanceof Error ? thrown.message : String(thrown));
    }
  };

  const fire = (schedule: Schedule, scheduledAt: number): void => {
    arm(schedule, scheduledAt + schedule.periodMs);
    if (schedule.miss > 0) {
      schedule.miss -= 1;
      return;
    }
    const times = schedule.double > 0 ? 2 : 1;
    schedule.double = Math.max(0, schedule.double - 1);
    for (let time = 0; time < times; time += 1) {
      if (schedule.lateMs > 0) clock.after(schedule.lateMs, () => deliver(schedule, scheduledAt));
      else deliver(schedule, scheduledAt);
    }
  };

  const arm = (schedule: Schedule, at: number): void => {
    schedule.cancel = clock.after(at - clock.now(), () => fire(schedule, at));
  };

  const create = (place: Place, name: string, expression: string, target: Target): string => {
    if (!/^[\w.-]{1,64}$/.test(name)) throw invalid("Invalid schedule name.");
    const arn = arnOf(place, name);
    if (schedules.has(arn)) throw new AwsProblem("ConflictException", `Schedule ${name} already exists.`, { status: 409 });
    if (!/^arn:aws:(sqs|lambda):/.test(target.arn)) throw notInTheFake(`the schedule target ${target.arn}`);
    const blank = { miss: 0, double: 0, lateMs: 0, cancel: () => {} };
    const schedule: Schedule = { name, arn, expression, periodMs: parseRate(expression), target, createdAt: clock.now(), ...blank };
    schedules.set(arn, schedule);
    arm(schedule, clock.now() + schedule.periodMs);
    return arn;
  };

  const find = (place: Place, name: string): Schedule => {
    const schedule = schedules.get(arnOf(place, name));
    if (schedule === undefined) throw new AwsProblem("ResourceNotFoundException", `Schedule ${name} does not exist.`, { status: 404 });
    return schedule;
  };
  const remove = (place: Place, name: string): object => {
    const schedule = find(place, name);
    schedule.cancel();
    schedules.delete(schedule.arn);
    return {};
  };

  const routes: readonly Route[] = [
    {
      operation: "CreateSchedule",
      method: "POST",
      path: "/schedules/{Name}",
      members: ["Name", "ScheduleExpression", "FlexibleTimeWindow", "Target", "ClientToken", "Description"],
      run: (input, request) => {
        const target = parseTarget(recordOf(input, "Target"));
        if (textOf(recordOf(input, "FlexibleTimeWindow"), "Mode") !== "OFF") throw notInTheFake("a flexible time window");
        return { ScheduleArn: create(placeOf(request), textOf(input, "Name"), textOf(input, "ScheduleExpression"), target) };
      },
    },
    {
      operation: "GetSchedule",
      method: "GET",
      path: "/schedules/{Name}",
      members: ["Name"],
      run: (input, request) => {
        const { name, arn, expression, target, createdAt } = find(placeOf(request), textOf(input, "Name"));
        const shown = { Arn: target.arn, Input: target.input };
        return { Arn: arn, Name: name, GroupName: "default", ScheduleExpression: expression, State: "ENABLED", Target: shown, CreationDate: createdAt / 1000 };
      },
    },
    {
      operation: "DeleteSchedule",
      method: "DELETE",
      path: "/schedules/{Name}",
      members: ["Name", "clientToken"],
      run: (input, request) => remove(placeOf(request), textOf(input, "Name")),
    },
  ];

  return {
    service: createRestJsonService({ name: "scheduler", routes }),
    scheduler: {
      createSchedule: (name, expression, target) => void create(home, name, expression, target),
      deleteSchedule: (name) => void remove(home, name),
      disturb: (name, { miss = 0, double = 0, lateMs = 0 }) => void Object.assign(find(home, name), { miss, double, lateMs }),
      failures: () => failures,
    },
  };
}

function parseRate(expression: string): number {
  const [, count, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  if (count !== undefined && unit !== undefined && Number(count) > 0) return Number(count) * (UNITS[unit] ?? 0);
  if (/^(cron|at)\(/.test(expression)) throw notInTheFake(`the schedule ${expression}`);
  throw invalid(`Invalid Schedule Expression ${expression}.`);
}

function parseTarget(target: Input): Target {
  textOf(target, "RoleArn");
  const input = maybeText(target, "Input");
  const group = maybeText(recordOf(target, "SqsParameters"), "MessageGroupId");
  return {
    arn: textOf(target, "Arn"),
    ...(input === undefined ? {} : { input }),
    ...(group === undefined ? {} : { messageGroupId: group }),
  };
}

function renderInput(schedule: Schedule, scheduledAt: number, execution: number): string {
  const time = new Date(scheduledAt).toISOString().replace(/\.\d{3}Z$/, "Z");
  const id = `execution-${execution}`;
  if (schedule.target.input === undefined) return renderDefault(schedule.arn, time, id);
  return schedule.target.input
    .replaceAll("<aws.scheduler.schedule-arn>", schedule.arn)
    .replaceAll("<aws.scheduler.scheduled-time>", time)
    .replaceAll("<aws.scheduler.execution-id>", id)
    .replaceAll("<aws.scheduler.attempt-number>", "1");
}

/** What a target gets that was given no input. Source: EventBridge Scheduler User Guide, "Using templated targets", Lambda. */
function renderDefault(arn: string, time: string, id: string): string {
  const [, , , region, account] = arn.split(":");
  return JSON.stringify({ version: "0", id, "detail-type": "Scheduled Event", source: "aws.scheduler", account, time, region, resources: [arn], detail: "{}" });
}
