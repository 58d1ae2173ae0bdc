'use client';

import { useTranslations } from 'use-intl/react';
import type { CustomerRole } from '#lib/core/context.ts';
import { useFormState } from '../form/action-form.tsx';

/** The choice of a role, each with what it means. */
export function RoleField({
  label,
  roles,
  defaultRole,
}: {
  label: string;
  roles: readonly CustomerRole[];
  defaultRole: CustomerRole;
}) {
  const t = useTranslations('common');
  const state = useFormState();
  const chosen = state?.values['role'] ?? defaultRole;
  return (
    <fieldset key={state?.key}>
      <legend className="mb-1 text-sm font-medium">{label}</legend>
      <div className="grid divide-y divide-line rounded-md border border-line-strong">
        {roles.map((role) => (
          <label
            key={role}
            className="flex items-start gap-3 px-3 py-2 first:rounded-t-md last:rounded-b-md hover:bg-hover has-checked:bg-accent-soft"
          >
            <input
              type="radio"
              name="role"
              value={role}
              defaultChecked={role === chosen}
              className="mt-1 size-4 accent-accent"
            />
            <span>
              <span className="block text-sm font-medium">{t(`role.${role}`)}</span>
              <span className="block text-xs text-ink-2">{t(`roleMeaning.${role}`)}</span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
