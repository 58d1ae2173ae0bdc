import type { ReservationMoney } from '#lib/billing/reservation-money.ts';
import { AvailabilityPanel } from './availability-panel.tsx';
import { EventsPanel } from './events-panel.tsx';
import { LivePanel } from './live-panel.tsx';
import { MoneyPanel } from './money-panel.tsx';
import { Notices } from './notices.tsx';
import type { PartProps } from './parts.ts';
import { Stats } from './stats.tsx';
import { TermsPanel } from './terms-panel.tsx';

/** A reservation at a glance: how it stands, what it measures, its money, its terms, what happened. */
export function Overview({
  ctx,
  orgSlug,
  found,
  money,
  what,
}: PartProps & { money: ReservationMoney | null; what: string }) {
  const { reservation } = found;
  return (
    <div className="grid gap-5">
      <Notices ctx={ctx} orgSlug={orgSlug} found={found} />
      <Stats now={ctx.now} found={found} money={money} />
      <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <div className="grid min-w-0 gap-5">
          {reservation.state === 'active' && <LivePanel ctx={ctx} reservationId={reservation.id} />}
          <EventsPanel events={found.events} places={found.places} />
        </div>
        <div className="grid min-w-0 gap-5">
          {money && (
            <MoneyPanel
              money={money}
              purchase={reservation.purchase}
              isOnAccount={reservation.payBy === 'account'}
              isSettled={reservation.settledAt !== null}
            />
          )}
          {reservation.state !== 'confirmed' && <AvailabilityPanel ctx={ctx} reservation={reservation} />}
          <TermsPanel ctx={ctx} reservation={reservation} price={found.price} what={what} />
        </div>
      </div>
    </div>
  );
}
