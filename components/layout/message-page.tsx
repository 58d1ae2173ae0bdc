import type { ReactNode } from 'react';

/** A page that is only a message: nothing here, not for you, did not open. */
export function MessagePage({
  code,
  title,
  text,
  children,
}: {
  code: string;
  title: ReactNode;
  text: ReactNode;
  children: ReactNode;
}) {
  return (
    <div className="mx-auto flex min-h-[70dvh] max-w-xl flex-col justify-center px-6 py-16">
      <p className="num text-sm text-ink-3">{code}</p>
      <h1 className="mt-2 text-xl">{title}</h1>
      <p className="mt-2 text-ink-2">{text}</p>
      <div className="mt-6 flex flex-wrap gap-2">{children}</div>
    </div>
  );
}
