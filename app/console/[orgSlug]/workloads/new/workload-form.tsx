import { freshForm } from '#app/_edge/fresh-form.ts';
import { ActionForm } from '#components/form/action-form.tsx';
import { SelectField, TextField } from '#components/form/fields.tsx';
import { SubmitButton } from '#components/form/submit-button.tsx';
import { TextAreaField } from '#components/form/text-area-field.tsx';
import { Panel } from '#components/ui/panel.tsx';
import type { Image } from '#lib/catalog/types.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import type { ReservationView } from '#lib/reservations/view-types.ts';
import { submitWorkloadAction } from '../actions.ts';

const DEFAULT_MINUTES = '60';

/** What to run, on which cards, for how long at most. */
export async function WorkloadForm({
  orgSlug,
  chosen,
  reservations,
  images,
}: {
  orgSlug: string;
  chosen: ReservationView;
  reservations: readonly ReservationView[];
  /** Those that run on the cards of the chosen reservation. */
  images: readonly Image[];
}) {
  const t = await getTranslations('workloads');
  return (
    <Panel className="max-w-2xl">
      <ActionForm
        action={submitWorkloadAction.bind(null, orgSlug)}
        initial={freshForm()}
        className="grid gap-4 sm:grid-cols-2"
      >
        <SelectField
          name="reservationId"
          label={t('new.reservation')}
          options={reservations.map(({ id, name, cards }) => ({
            value: id,
            label: t('new.reservationOption', { name, cards }),
          }))}
          defaultValue={chosen.id}
          className="sm:col-span-2"
        />
        <TextField name="name" label={t('new.name')} autoComplete="off" maxLength={80} />
        <SelectField
          name="imageId"
          label={t('new.image')}
          options={images.map(({ id, name }) => ({ value: id, label: name }))}
          defaultValue={chosen.imageId ?? images[0]?.id}
        />
        <TextAreaField
          name="command"
          label={t('new.command')}
          hint={t('new.commandHint')}
          rows={4}
          className="sm:col-span-2"
        />
        <TextField
          name="cards"
          label={t('new.cards')}
          hint={t('new.cardsHint')}
          inputMode="numeric"
          autoComplete="off"
          defaultValue={`${chosen.cards}`}
        />
        <TextField
          name="walltimeMinutes"
          label={t('new.walltime')}
          hint={t('new.walltimeHint')}
          inputMode="numeric"
          autoComplete="off"
          defaultValue={DEFAULT_MINUTES}
        />
        <SubmitButton className="justify-self-start">{t('new.confirm')}</SubmitButton>
      </ActionForm>
    </Panel>
  );
}
