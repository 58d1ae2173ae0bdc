import { freshForm } from '#app/_edge/fresh-form.ts';
import { SelectField, TextField } from '#components/form/fields.tsx';
import { FormDialog } from '#components/form/form-dialog.tsx';
import { SubmitButton } from '#components/form/submit-button.tsx';
import { Button } from '#components/ui/button.tsx';
import { floorToFen, toDecimal } from '#lib/core/money.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import type { ProjectView } from '#lib/reservations/project-types.ts';
import { changeProjectAction, createProjectAction } from './actions.ts';

/** Adds a project, or changes the one given. */
export async function ProjectDialog({ orgSlug, project = null }: { orgSlug: string; project?: ProjectView | null }) {
  const t = await getTranslations('queue');
  const limit = project?.monthlySpendingLimitUnits ?? null;
  const action = project ? changeProjectAction : createProjectAction;
  return (
    <FormDialog
      title={project?.name ?? t('projects.add')}
      action={action.bind(null, orgSlug)}
      initial={freshForm()}
      trigger={
        project ? (
          <Button size="sm" variant="ghost" aria-label={`${t('projects.edit')}: ${project.name}`}>
            {t('projects.edit')}
          </Button>
        ) : (
          <Button variant="primary">{t('projects.add')}</Button>
        )
      }
    >
      {project && <input type="hidden" name="projectId" value={project.id} />}
      <TextField
        name="name"
        label={t('projects.name')}
        maxLength={60}
        autoComplete="off"
        defaultValue={project?.name}
      />
      <TextField
        name="quota"
        label={t('projects.quota')}
        hint={t('projects.quotaHint')}
        inputMode="numeric"
        autoComplete="off"
        defaultValue={project?.cardQuota === null ? '' : project?.cardQuota.toString()}
        isOptional
      />
      <TextField
        name="limit"
        label={t('projects.limit')}
        hint={t('projects.limitHint')}
        inputMode="decimal"
        autoComplete="off"
        defaultValue={limit === null ? '' : toDecimal(floorToFen(limit), 2, 2)}
        isOptional
      />
      {project && (
        <SelectField
          name="state"
          label={t('projects.state')}
          options={(['open', 'closed'] as const).map((value) => ({ value, label: t(`projects.${value}`) }))}
          defaultValue={project.isClosed ? 'closed' : 'open'}
        />
      )}
      <SubmitButton className="justify-self-start">{t('projects.save')}</SubmitButton>
    </FormDialog>
  );
}
