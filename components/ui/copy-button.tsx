'use client';

import { Check, Copy } from 'lucide-react';
import { useRef, useState } from 'react';
import { useTranslations } from 'use-intl/react';
import { Button, type ButtonLook } from './button.tsx';

const SHOWN_MS = 2_000;

/** Copies a text. Says so in the button and to screen readers, and says too when the browser did not allow it. */
export function CopyButton({ text, variant = 'ghost', size = 'sm' }: { text: string } & ButtonLook) {
  const t = useTranslations('common.action');
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle');
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const copy = async () => {
    const isCopied = await navigator.clipboard?.writeText(text).then(
      () => true,
      () => false,
    );
    setState(isCopied ? 'copied' : 'failed');
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setState('idle'), SHOWN_MS);
  };
  const label = { idle: t('copy'), copied: t('copied'), failed: t('copyFailed') }[state];
  return (
    <Button variant={variant} size={size} onClick={() => void copy()}>
      {state === 'copied' ? <Check aria-hidden /> : <Copy aria-hidden />}
      <span aria-live="polite">{label}</span>
    </Button>
  );
}
