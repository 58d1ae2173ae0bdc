import { freshForm } from '#app/_edge/fresh-form.ts';
import { ActionForm } from '#components/form/action-form.tsx';
import { FileField } from '#components/form/file-field.tsx';
import { FormDone } from '#components/form/form-done.tsx';
import { SubmitButton } from '#components/form/submit-button.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import { saveFileAction } from '../actions.ts';

/** Keeps a document that the tax bureau's system made. */
export async function UploadForm({ fapiaoId }: { fapiaoId: string }) {
  const t = await getTranslations('fapiao');
  return (
    <ActionForm action={saveFileAction} initial={freshForm()} className="mt-4 grid gap-3">
      <input type="hidden" name="fapiaoId" value={fapiaoId} />
      <FileField
        label={t('queue.upload')}
        hint={t('queue.uploadHint')}
        accept=".pdf,.ofd,.xml"
        chooseLabel={t('queue.chooseFile')}
        noneLabel={t('queue.noFile')}
      />
      <FormDone>{t('queue.uploaded')}</FormDone>
      <SubmitButton variant="secondary" className="justify-self-start">
        {t('queue.uploadSubmit')}
      </SubmitButton>
    </ActionForm>
  );
}
