import { defineEntity, p } from '@mikro-orm/core';

const ScheduledWorkSchema = defineEntity({
  name: 'ScheduledJob',
  tableName: 'scheduled_work',
  properties: {
    name: p.string().length(64).primary(),
    /** When it is to run next. By PostgreSQL's clock, which all workers share. */
    dueAt: p.datetime(),
    /** Until when it is one worker's alone; null: nobody has it. */
    leasedUntil: p.datetime().nullable(),
  },
});

/** Something that the workers do again and again, one of them at a time. */
export class ScheduledJob extends ScheduledWorkSchema.class {}
ScheduledWorkSchema.setClass(ScheduledJob);
