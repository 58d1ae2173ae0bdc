import { type Instant, toIso } from '#lib/core/instant.ts';
import type { InvoiceView, UsageTotals } from '../types.ts';
import type { Equation } from './equation.ts';
import { RULES } from './rules.ts';
import type {
  ChargeExplanation,
  ChargeGroup,
  ChargeRecord,
  JournalCharges,
  JournalExplanation,
  JournalRef,
  LineExplanation,
  LineRows,
  PublishedPrice,
} from './types.ts';

// Explanations as plain data: whole numbers as decimal texts, times in UTC. Programs and files get the same.

const isoOrNull = (at: Instant | null): string | null => (at === null ? null : toIso(at));

/** The same names with each number as a text. */
function textsOf<K extends string>(values: Readonly<Record<K, bigint>>): Record<K, string> {
  const texts = Object.entries<bigint>(values).map(([name, value]) => [name, `${value}`]);
  return Object.fromEntries(texts) as Record<K, string>;
}

function toEquation({ rule, operands, result, stated, holds }: Equation) {
  const { formula, result: figure } = RULES[rule];
  return {
    rule,
    formula,
    operands: textsOf(operands),
    result: result === null ? null : `${result}`,
    stated: `${stated}`,
    figure,
    holds,
  };
}

function toTotals({ usedSeconds, unusedSeconds, downSeconds, amountUnits }: UsageTotals) {
  return {
    usedSeconds: `${usedSeconds}`,
    unusedSeconds: `${unusedSeconds}`,
    downSeconds: `${downSeconds}`,
    amountUnits: `${amountUnits}`,
  };
}

function toPrice({ id, validFrom, priceE10PerCardHour, bands }: PublishedPrice) {
  const shown = bands.map(({ fromHour, toHour, factorBps }) => ({ fromHour, toHour, factorBps }));
  return { id, validFrom: toIso(validFrom), priceE10PerCardHour: `${priceE10PerCardHour}`, bands: shown };
}

/** An invoice in a list. */
export function toInvoiceJson(invoice: InvoiceView) {
  const { id, number, month, issuedAt, grossUnits, residueUnits, grossFen, netFen, taxFen, snapshotHash } = invoice;
  return {
    id,
    number,
    month: `${month}`,
    issuedAt: toIso(issuedAt),
    ...textsOf({ grossUnits, residueUnits, grossFen, netFen, taxFen }),
    snapshotHash,
  };
}

/** An invoice line with its steps. */
export function toLineJson({ invoice, line, item, price, charges, broken, equations, isIntact }: LineExplanation) {
  const { usedSeconds, unusedSeconds, grossUnits, grossFen, netFen, taxFen } = line;
  return {
    invoice: { id: invoice.id, number: invoice.number, month: `${invoice.month}`, isIntact },
    line: {
      line: line.line,
      ...item,
      skuId: line.skuId,
      taxRateBps: line.taxRateBps,
      ...textsOf({ usedSeconds, unusedSeconds, grossUnits, grossFen, netFen, taxFen }),
    },
    price: toPrice(price),
    charges,
    brokenCharges: broken,
    equations: equations.map(toEquation),
    holds: isIntact && broken === 0 && equations.every(({ holds }) => holds),
  };
}

function toGroup({ key, name, revision, charges, broken, ...totals }: ChargeGroup) {
  return { key, name, revision, charges, brokenCharges: broken, ...toTotals(totals) };
}

/** A page of a line's parts. */
export function toPartsJson({ part, rows, total, totals }: LineRows) {
  return { by: part.by, rows: rows.map(toGroup), total, totals: toTotals(totals) };
}

function toChargeRecord(charge: ChargeRecord) {
  const { allocationId, reservationId, reservationName, cardId, place, slot, revision, term, before } = charge;
  const { usedSeconds, unusedSeconds, downSeconds, bandBps, chargedToDateUnits, amountUnits } = charge;
  return {
    allocationId,
    reservationId,
    reservationName,
    cardId,
    place,
    slot,
    hourAt: toIso(charge.hourAt),
    revision,
    startAt: toIso(charge.startAt),
    endAt: toIso(charge.endAt),
    usedSeconds,
    unusedSeconds,
    downSeconds,
    bandBps,
    weightedSecondsBefore: `${before.weightedSeconds}`,
    weightedSecondsToDate: `${charge.weightedSecondsToDate}`,
    chargedBeforeUnits: `${before.chargedUnits}`,
    ...textsOf({ chargedToDateUnits, amountUnits }),
    term: term && { name: term.name, seconds: term.seconds, priceUnits: `${term.priceUnits}` },
    chargedAt: toIso(charge.chargedAt),
    journalKey: charge.journalKey,
  };
}

/** A charge with its proof and its steps. */
export function toChargeJson(explanation: Pick<ChargeExplanation, 'charge' | 'evidence' | 'gaps' | 'equations'>) {
  const { charge, evidence, gaps, equations } = explanation;
  return {
    charge: toChargeRecord(charge),
    evidence: evidence.map(({ id, startAt, endAt, countedSeconds }) => ({
      id,
      startAt: toIso(startAt),
      endAt: isoOrNull(endAt),
      countedSeconds,
    })),
    gaps: gaps.map(({ startAt, endAt, reason }) => ({ startAt: toIso(startAt), endAt: toIso(endAt), reason })),
    equations: equations.map(toEquation),
    holds: equations.every(({ holds }) => holds),
  };
}

/** A charge with all that leads on from it. */
export function toWholeChargeJson(explanation: ChargeExplanation) {
  const { item, price, journalId, line } = explanation;
  return {
    ...toChargeJson(explanation),
    item,
    price: toPrice(price),
    journalId,
    line: typeof line === 'string' ? null : line,
  };
}

const toRef = ({ id, key, kind, effectiveAt }: JournalRef) => ({ id, key, kind, effectiveAt: toIso(effectiveAt) });

function toMatter({ creditLine, refund, dispute }: JournalExplanation['cause']) {
  return {
    creditNote: creditLine && {
      id: creditLine.id,
      number: creditLine.number,
      line: creditLine.line,
      taxRateBps: creditLine.taxRateBps,
      ...textsOf({ grossFen: creditLine.grossFen, netFen: creditLine.netFen, taxFen: creditLine.taxFen }),
      before: textsOf({ grossFen: creditLine.before.grossFen, netFen: creditLine.before.netFen }),
    },
    refund: refund && {
      id: refund.id,
      route: refund.route,
      state: refund.state,
      ...textsOf({
        amountFen: refund.amountFen,
        askedUnits: refund.askedUnits,
        paidUnits: refund.paidUnits,
        returnedUnits: refund.returnedUnits,
      }),
    },
    dispute: dispute && {
      id: dispute.id,
      keptUnits: dispute.keptUnits === null ? null : `${dispute.keptUnits}`,
      ...textsOf({
        takenUnits: dispute.takenUnits,
        givenBackUnits: dispute.givenBackUnits,
        lostUnits: dispute.lostUnits,
        leftUnits: dispute.leftUnits,
      }),
    },
  };
}

function toCause(cause: JournalExplanation['cause']) {
  const { reservation, hour, invoice, line, payment, hold } = cause;
  return {
    reservation,
    hour: hour && { hourAt: toIso(hour.hourAt), charges: hour.charges, ...toTotals(hour) },
    invoice: invoice && { id: invoice.id, number: invoice.number, month: `${invoice.month}`, line: line?.line ?? null },
    payment: payment && {
      id: payment.id,
      method: payment.method,
      receivedFen: payment.receivedFen === null ? null : `${payment.receivedFen}`,
    },
    hold: hold && {
      placedUnits: `${hold.placedUnits}`,
      capturedUnits: `${hold.capturedUnits}`,
      releasedUnits: `${hold.releasedUnits}`,
      balanceUnits: `${hold.balanceUnits}`,
    },
    ...toMatter(cause),
  };
}

/** A journal with the legs in sight, what it was posted for, and a page of the charges that it carries. */
export function toJournalJson(explanation: JournalExplanation, charges: JournalCharges | null) {
  const { journal, legs, isWhole, cause, reverses, reversedBy, related, equations } = explanation;
  return {
    ...toRef(journal),
    postedAt: toIso(journal.postedAt),
    contentHash: journal.contentHash,
    source: journal.source,
    legs: legs.map(({ leg, path, accountKind, asset, debitUnits, creditUnits }) => ({
      leg,
      path,
      accountKind,
      asset: `${asset}`,
      debitUnits: `${debitUnits}`,
      creditUnits: `${creditUnits}`,
    })),
    isWhole,
    cause: toCause(cause),
    reverses: reverses && toRef(reverses),
    reversedBy: reversedBy && toRef(reversedBy),
    related: related.map(toRef),
    charges: charges && {
      rows: charges.rows.map(toGroup),
      total: charges.total,
      totals: toTotals(charges.totals),
    },
    equations: equations.map(toEquation),
    holds: equations.every(({ holds }) => holds),
  };
}
