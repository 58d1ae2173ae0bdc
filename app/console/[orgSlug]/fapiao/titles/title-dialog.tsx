import { freshForm } from '#app/_edge/fresh-form.ts';
import { SelectField, TextField } from '#components/form/fields.tsx';
import { FormDialog } from '#components/form/form-dialog.tsx';
import { SubmitButton } from '#components/form/submit-button.tsx';
import { Button } from '#components/ui/button.tsx';
import { BUYER_KINDS, FAPIAO_TYPES, type Title } from '#lib/fapiao/types.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { saveTitleAction } from '../actions.ts';

/** Adds a title, or changes the one given. */
export async function TitleDialog({ orgSlug, title = null }: { orgSlug: string; title?: Title | null }) {
  const t = await getTranslations('fapiao');
  return (
    <FormDialog
      title={title ? t('titles.editOf', { name: title.name }) : t('titles.addTitle')}
      action={saveTitleAction.bind(null, orgSlug)}
      initial={freshForm()}
      trigger={
        title ? (
          <Button size="sm" variant="ghost" aria-label={t('titles.editOf', { name: title.name })}>
            {t('titles.edit')}
          </Button>
        ) : (
          <Button variant="primary">{t('titles.add')}</Button>
        )
      }
    >
      {title && <input type="hidden" name="titleId" value={title.id} />}
      <div className="grid gap-4 sm:grid-cols-2">
        <SelectField
          name="kind"
          label={t('titles.kind')}
          options={BUYER_KINDS.map((value) => ({ value, label: t(`titles.kinds.${value}`) }))}
          defaultValue={title?.kind}
        />
        <SelectField
          name="fapiaoType"
          label={t('titles.type')}
          hint={t('titles.typeHint')}
          options={FAPIAO_TYPES.map((value) => ({ value, label: t(`type.${value}`) }))}
          defaultValue={title?.fapiaoType ?? '82'}
        />
      </div>
      <TextField
        name="name"
        label={t('titles.name')}
        hint={t('titles.nameHint')}
        maxLength={100}
        autoComplete="off"
        defaultValue={title?.name}
      />
      <TextField
        name="taxId"
        label={t('titles.taxId')}
        hint={t('titles.taxIdHint')}
        maxLength={60}
        autoComplete="off"
        spellCheck={false}
        defaultValue={title?.taxId ?? ''}
        isOptional
      />
      <TextField
        name="addressPhone"
        label={t('titles.addressPhone')}
        maxLength={100}
        autoComplete="off"
        defaultValue={title?.addressPhone}
        isOptional
      />
      <TextField
        name="bankAccount"
        label={t('titles.bankAccount')}
        maxLength={100}
        autoComplete="off"
        defaultValue={title?.bankAccount}
        isOptional
      />
      <SubmitButton className="justify-self-start">{t('titles.save')}</SubmitButton>
    </FormDialog>
  );
}
