import { defineEntity, p } from '@mikro-orm/core';

const ScheduledJobSchema = defineEntity({
  name: 'ScheduledJob',
  tableName: 'scheduled_work',
  properties: {
    name: p.string().length(64).primary(),
    /** Time of the next run, by PostgreSQL's clock, which all workers share. */
    dueAt: p.datetime(),
    /** End of the lease; null if no worker has it. */
    leasedUntil: p.datetime().nullable(),
  },
});

/** A job that the workers repeat, one worker at a time. */
export class ScheduledJob extends ScheduledJobSchema.class {}
ScheduledJobSchema.setClass(ScheduledJob);
