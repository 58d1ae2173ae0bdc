import { Button } from '#components/ui/button.tsx';
import { Select } from '#components/ui/select.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import type { ProjectView } from '#lib/reservations/project-types.ts';

/** Narrows the list to one project; the chosen state stays. Nothing for an organisation without projects. */
export async function ProjectFilter({
  action,
  projects,
  chosen,
  state,
}: {
  action: string;
  projects: readonly ProjectView[];
  chosen: string;
  state: string | null;
}) {
  if (projects.length === 0) return null;
  const t = await getTranslations('reservations');
  return (
    <search className="mt-4 block">
      <form action={action} className="flex max-w-sm gap-2">
        {state !== null && <input type="hidden" name="state" value={state} />}
        <Select
          key={chosen}
          name="project"
          aria-label={t('filter.project')}
          defaultValue={chosen}
          options={[
            { value: '', label: t('filter.allProjects') },
            ...projects.map(({ id, name }) => ({ value: id as string, label: name })),
          ]}
        />
        <Button type="submit" className="h-9">
          {t('filter.apply')}
        </Button>
      </form>
    </search>
  );
}
