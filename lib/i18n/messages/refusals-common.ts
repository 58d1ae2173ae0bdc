import type { Translation } from '../shape.ts';

export const zh = {
  signInRequired: { what: '需要先登录。', safe: '没有任何改动。', todo: '请登录后再试一次。' },
  forbidden: {
    what: '你的角色不能这样做。',
    safe: '没有任何改动。',
    todo: '请组织的所有者或管理员来做，或者调整你的角色。',
  },
  notFound: { what: '没有找到。', safe: '没有任何改动。', todo: '它可能已被删除，或不属于这个组织。请刷新页面。' },
  inputInvalid: { what: '有几处需要修改。', safe: '没有任何改动。', todo: '请看标出的栏目。' },
  crossOrigin: { what: '这个请求不是从本站发出的。', safe: '没有任何改动。', todo: '请从本站的页面重新操作。' },
} as const;

export const en: Translation<typeof zh> = {
  signInRequired: { what: 'Please sign in first.', safe: 'Nothing was changed.', todo: 'Sign in and try again.' },
  forbidden: {
    what: 'Your role does not allow this.',
    safe: 'Nothing was changed.',
    todo: 'Ask an owner or admin of the organisation to do it, or to change your role.',
  },
  notFound: {
    what: 'This was not found.',
    safe: 'Nothing was changed.',
    todo: 'It may be gone or belong to another organisation. Please reload the page.',
  },
  inputInvalid: {
    what: 'Some fields need a change.',
    safe: 'Nothing was changed.',
    todo: 'Please see the marked fields.',
  },
  crossOrigin: {
    what: 'This request did not come from our own pages.',
    safe: 'Nothing was changed.',
    todo: 'Please start again from a page of this site.',
  },
};
