import { freshForm } from '#app/_edge/fresh-form.ts';
import { ActionForm } from '#components/form/action-form.tsx';
import { SelectField, TextField } from '#components/form/fields.tsx';
import { SubmitButton } from '#components/form/submit-button.tsx';
import { TextAreaField } from '#components/form/text-area-field.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import { queueJobAction } from '../actions.ts';
import type { JobState, PricedJob } from './job-state.ts';

/** What the job runs and until when it is wanted; what decides its price goes along as it is shown. */
export async function JobForm({ state, priced, orgSlug }: { state: JobState; priced: PricedJob; orgSlug: string }) {
  const t = await getTranslations('queue');
  const { sku, query, images, projects } = state;
  const { tier, topology } = query;
  const fixed = { skuId: sku.id, tier, cards: priced.cards, topology, walltimeSeconds: priced.seconds };
  const projectOptions = projects.map(({ id, name }) => ({ value: id as string, label: name }));
  return (
    <Panel title={t('new.how')}>
      <ActionForm
        action={queueJobAction.bind(null, orgSlug)}
        initial={freshForm()}
        className="grid gap-4 sm:grid-cols-2"
      >
        {Object.entries(fixed).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <TextField name="name" label={t('new.name')} autoComplete="off" maxLength={80} />
        <SelectField
          name="imageId"
          label={t('new.image')}
          options={images.map(({ id, name }) => ({ value: id, label: name }))}
          defaultValue={images[0]?.id}
        />
        <TextAreaField
          name="command"
          label={t('new.command')}
          hint={t('new.commandHint')}
          rows={3}
          className="sm:col-span-2"
        />
        <TextField
          name="deadline"
          label={t('new.deadline')}
          hint={t('new.deadlineHint')}
          type="datetime-local"
          isOptional
        />
        <TextField
          name="cap"
          label={t('new.cap')}
          hint={t('new.capHint')}
          inputMode="decimal"
          autoComplete="off"
          isOptional
        />
        {projectOptions.length > 0 ? (
          <SelectField
            name="projectId"
            label={t('new.project')}
            options={[{ value: '', label: t('new.noProject') }, ...projectOptions]}
            isOptional
            className="sm:col-span-2"
          />
        ) : (
          <input type="hidden" name="projectId" value="" />
        )}
        <SubmitButton className="justify-self-start">{t('new.confirm')}</SubmitButton>
      </ActionForm>
    </Panel>
  );
}
