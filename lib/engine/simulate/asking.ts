import { present } from '#lib/core/assert.ts';
import type { Id } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';
import type { ProjectLimits } from '#lib/reservations/project-types.ts';
import type { Booked } from '#lib/reservations/types.ts';
import type { Mind } from '../mind.ts';
import { cancelOf, jobOf, plainBooking, reserveOf, rubbishOf } from './payloads.ts';
import { changesOf, targetOf } from './payloads-of-changes.ts';
import { staffPayloadOf } from './payloads-of-staff.ts';
import type { StaffStep, Step } from './steps.ts';

/** A step that hands in commands. */
export type AskingStep = Extract<Step, { do: 'reserve' | 'rubbish' | 'change' | 'queue' | 'cancelJob' }> | StaffStep;

/** Where it asks: what the pool's leader remembers, who there is, how what it makes is called, and the time. */
export type Place = {
  readonly mind: Mind;
  readonly organisations: readonly Id<'organisation'>[];
  readonly projects: readonly ProjectLimits[];
  readonly newId: (kind: 'reservation' | 'maintenanceWindow' | 'job') => string;
  readonly now: Instant;
};

/** A command to be handed in, and by whom: null is the operator's staff. */
export type Wish = {
  readonly organisationId: Id<'organisation'> | null;
  readonly payload: unknown;
  readonly isRubbish?: true;
};

/** One of the live reservations of a pool; undefined when there is none. */
function liveOne({ book }: Mind, pick: number): Booked | undefined {
  const live = [...book.reservations.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  return live[pick % Math.max(1, live.length)];
}

/** What a step asks for, in order; nothing where there is nothing to ask it of. */
export function wishesOf(step: AskingStep, place: Place): Wish[] {
  const { mind, organisations, projects, newId, now } = place;
  const holder = (pick: number) => present(organisations[pick % organisations.length], 'organisation');
  switch (step.do) {
    case 'reserve': {
      const organisationId = holder(step.organisation);
      return [
        {
          organisationId,
          payload: reserveOf(mind, step, newId('reservation'), now, { organisationId, projects }),
        },
      ];
    }
    case 'rubbish': {
      const booking = plainBooking(mind, newId('reservation'), now);
      const payload = rubbishOf(step.form, booking, liveOne(mind, 0), now);
      return [{ organisationId: holder(step.organisation), payload, isRubbish: true }];
    }
    case 'change': {
      const target = targetOf(liveOne(mind, step.pick), mind.book, step);
      return target ? changesOf({ mind, organisations, newId: newId('reservation'), now }, target, step) : [];
    }
    case 'queue':
      return [{ organisationId: holder(step.organisation), payload: jobOf(mind, step, newId('job'), now, projects) }];
    case 'cancelJob': {
      const cancel = cancelOf(mind, organisations, step);
      return cancel ? [cancel] : [];
    }
    case 'cardAct':
    case 'window':
    case 'endWindow':
    case 'spares': {
      const payload = staffPayloadOf(mind, step, { newId: newId('maintenanceWindow'), now });
      return payload ? [{ organisationId: null, payload }] : [];
    }
  }
}
