import { CopyButton } from './copy-button.tsx';
import { ScrollRegion } from './scroll-region.tsx';
import { cn } from './cn.ts';

/** Text for a machine, with a button that copies it: a key, a link, a command. */
export function CodeBlock({
  text,
  label,
  isWrapped = false,
  className,
}: {
  text: string;
  label: string;
  /** For one long word such as a link: shown whole on several lines. */
  isWrapped?: boolean;
  className?: string | undefined;
}) {
  return (
    <figure className={cn('overflow-hidden rounded-md border border-line bg-sunken', className)}>
      <figcaption className="flex items-center justify-between gap-2 border-b border-line py-1 pr-1 pl-3 text-xs text-ink-2">
        {label}
        <CopyButton text={text} />
      </figcaption>
      <ScrollRegion label={label}>
        <pre className={cn('px-3 py-2.5 text-sm', isWrapped && 'break-all whitespace-pre-wrap')}>
          <code>{text}</code>
        </pre>
      </ScrollRegion>
    </figure>
  );
}
