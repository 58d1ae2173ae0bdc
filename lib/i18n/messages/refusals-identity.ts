import type { Translation } from '../shape.ts';

export const zh = {
  emailTaken: { what: '这个邮箱已有账号。', safe: '没有新建任何东西。', todo: '请直接登录，或换一个邮箱。' },
  passwordTooShort: { what: '密码太短。', safe: '没有任何改动。', todo: '请用至少{charactersMin, number}个字符。' },
  passwordTooLong: { what: '密码太长。', safe: '没有任何改动。', todo: '请控制在{charactersMax, number}个字符以内。' },
  passwordCommon: {
    what: '这个密码太常见，最先被猜到。',
    safe: '没有任何改动。',
    todo: '请换一个，例如几个不相干的词。',
  },
  credentialsWrong: {
    what: '邮箱或密码不对。',
    safe: '账号没有任何改动。',
    todo: '请核对后再试，连续8次不对会暂停15分钟。',
  },
  signInPaused: {
    what: '密码连续不对，这个邮箱的登录暂停到{untilAt}（北京时间）。',
    safe: '账号和正在运行的作业不受影响。',
    todo: '请到时再试；如果不是你本人在试，登录后请更改密码。',
  },
  currentPasswordWrong: { what: '现在的密码不对。', safe: '密码没有改动。', todo: '请核对后再试。' },
  organisationsTooMany: {
    what: '一个人最多拥有{organisationsMax, number}个组织。',
    safe: '没有新建任何东西。',
    todo: '请先把不用的组织转给别人，或联系我们。',
  },
  invitationUnknown: {
    what: '没有这份邀请，或它已被撤销。',
    safe: '没有任何改动。',
    todo: '请让邀请人重新发一个链接。',
  },
  invitationExpired: {
    what: '这份邀请已在{expiredAt}失效（北京时间）。',
    safe: '没有任何改动。',
    todo: '请让邀请人重新发一个链接。',
  },
  invitationAnswered: { what: '这份邀请已经用过了。', safe: '没有任何改动。', todo: '如果是你接受的，直接登录即可。' },
  invitationForAnother: {
    what: '这份邀请给的是另一个邮箱。',
    safe: '没有任何改动。',
    todo: '请用受邀的邮箱登录后再接受。',
  },
  invitationsTooMany: {
    what: '待接受的邀请已有{invitationsMax, number}份。',
    safe: '没有生成新的链接。',
    todo: '请先撤销不需要的邀请。',
  },
  memberAlready: { what: '对方已经是成员。', safe: '没有任何改动。', todo: '需要的话，可以更改对方的角色。' },
  memberUnknown: { what: '组织里没有这位成员。', safe: '没有任何改动。', todo: '请刷新页面，对方可能刚刚离开。' },
  ownerOnly: { what: '所有者只能由所有者任免。', safe: '没有任何改动。', todo: '请让一位所有者来做。' },
  lastOwner: { what: '组织至少要有一位所有者。', safe: '没有任何改动。', todo: '请先让另一位成员成为所有者。' },
  accountIsStaff: {
    what: '运营方的员工账号不能加入客户组织。',
    safe: '没有任何改动。',
    todo: '请用另一个邮箱开通客户账号。',
  },
  apiKeysTooMany: {
    what: '有效的密钥已有{keysMax, number}个。',
    safe: '没有生成新的密钥。',
    todo: '请先撤销不用的密钥。',
  },
  apiKeyUnknown: { what: '没有这个密钥，或它已被撤销。', safe: '没有任何改动。', todo: '请刷新页面。' },
  sessionUnknown: { what: '这个登录已经失效。', safe: '没有任何改动。', todo: '请刷新页面。' },
} as const;

export const en: Translation<typeof zh> = {
  emailTaken: {
    what: 'This address has an account.',
    safe: 'Nothing was created.',
    todo: 'Sign in with it, or use another address.',
  },
  passwordTooShort: {
    what: 'The password is too short.',
    safe: 'Nothing was changed.',
    todo: 'Please use at least {charactersMin, number} characters.',
  },
  passwordTooLong: {
    what: 'The password is too long.',
    safe: 'Nothing was changed.',
    todo: 'Please use at most {charactersMax, number} characters.',
  },
  passwordCommon: {
    what: 'This password is among the first to be guessed.',
    safe: 'Nothing was changed.',
    todo: 'Please choose another, for example a few unrelated words.',
  },
  credentialsWrong: {
    what: 'Address or password is wrong.',
    safe: 'The account is unchanged.',
    todo: 'Check both and try again; eight failures in a row pause for 15 minutes.',
  },
  signInPaused: {
    what: 'After repeated wrong passwords, signing in with this address is paused until {untilAt} (Beijing time).',
    safe: 'The account and its running workloads are not affected.',
    todo: 'Try again then. If it was not you who tried, change your password after signing in.',
  },
  currentPasswordWrong: {
    what: 'The current password is wrong.',
    safe: 'Your password is unchanged.',
    todo: 'Check it and try again.',
  },
  organisationsTooMany: {
    what: 'One person owns at most {organisationsMax, number} organisations.',
    safe: 'Nothing was created.',
    todo: 'Hand one over first, or ask us.',
  },
  invitationUnknown: {
    what: 'There is no such invitation, or it was revoked.',
    safe: 'Nothing was changed.',
    todo: 'Ask for a new link.',
  },
  invitationExpired: {
    what: 'This invitation ended at {expiredAt} (Beijing time).',
    safe: 'Nothing was changed.',
    todo: 'Ask for a new link.',
  },
  invitationAnswered: {
    what: 'This invitation has been used.',
    safe: 'Nothing was changed.',
    todo: 'If it was you, just sign in.',
  },
  invitationForAnother: {
    what: 'This invitation is for another address.',
    safe: 'Nothing was changed.',
    todo: 'Sign in with the invited address to accept it.',
  },
  invitationsTooMany: {
    what: 'There are already {invitationsMax, number} open invitations.',
    safe: 'No link was created.',
    todo: 'Revoke some that are not needed.',
  },
  memberAlready: {
    what: 'This person is a member already.',
    safe: 'Nothing was changed.',
    todo: 'You can change their role if needed.',
  },
  memberUnknown: {
    what: 'The organisation has no such member.',
    safe: 'Nothing was changed.',
    todo: 'Reload the page: they may just have left.',
  },
  ownerOnly: {
    what: 'Only owners make or unmake owners.',
    safe: 'Nothing was changed.',
    todo: 'Please ask an owner to do it.',
  },
  lastOwner: {
    what: 'An organisation keeps at least one owner.',
    safe: 'Nothing was changed.',
    todo: 'Make somebody else an owner first.',
  },
  accountIsStaff: {
    what: 'Accounts of the operator’s staff cannot join a customer’s organisation.',
    safe: 'Nothing was changed.',
    todo: 'Open a customer account with another address.',
  },
  apiKeysTooMany: {
    what: 'There are already {keysMax, number} live keys.',
    safe: 'No key was created.',
    todo: 'Revoke some that are not needed.',
  },
  apiKeyUnknown: {
    what: 'There is no such key, or it was revoked.',
    safe: 'Nothing was changed.',
    todo: 'Please reload the page.',
  },
  sessionUnknown: {
    what: 'This session has already ended.',
    safe: 'Nothing was changed.',
    todo: 'Please reload the page.',
  },
};
