import { notFound, redirect } from 'next/navigation';
import { staffPage } from '#app/_edge/access.ts';
import { findSlot } from '#lib/inventory/service.ts';

/** The way from a slot to the card in it: the map knows places, not cards. */
export default async function SlotPage({ params }: { params: Promise<{ id: string; slot: string }> }) {
  const ctx = await staffPage('inventory:read');
  const { id, slot } = await params;
  const cardId = /^\d{1,3}$/.test(slot) ? await findSlot(ctx, id, Number.parseInt(slot, 10)) : null;
  if (cardId === null) notFound();
  redirect(`/ops/cards/${cardId}`);
}
