/** Where bank transfers go. Example data of the demo, and it says so: nothing can be paid there. */
export const RECEIVING_ACCOUNT = {
  holder: '示例电信算力运营有限公司（演示）',
  bank: '示例银行韶关分行（演示）',
  number: '0000 0000 0000 0000 000',
  /** The bank's number in the interbank system (联行号). */
  bankCode: '000000000000',
} as const;
