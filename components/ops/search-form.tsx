import { Search } from 'lucide-react';
import { Button } from '../ui/button.tsx';
import { Input } from '../ui/input.tsx';

/** A search that becomes part of the address; other parameters that must stay are hidden fields. */
export function SearchForm({
  action,
  label,
  submit,
  text,
  keep = {},
}: {
  action: string;
  label: string;
  submit: string;
  text: string;
  keep?: Readonly<Record<string, string>>;
}) {
  return (
    <search className="mb-6 block">
      <form action={action} className="flex max-w-2xl gap-2">
        {Object.entries(keep).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <Input
          name="q"
          defaultValue={text}
          aria-label={label}
          placeholder={label}
          maxLength={80}
          autoComplete="off"
          spellCheck={false}
        />
        <Button type="submit" className="h-9">
          <Search aria-hidden />
          {submit}
        </Button>
      </form>
    </search>
  );
}
