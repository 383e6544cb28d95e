// Text that a person or a link brings, made safe to show as text: no characters that steer the reading direction or a
// terminal, no broken ones, bounded length.

/** Several lines: line breaks and tabs stay. */
export function plainText(text: string, most: number): string {
  return text
    .replaceAll(/\r\n?|[\p{Zl}\p{Zp}]/gu, '\n')
    .slice(0, most)
    .replaceAll(/[^\P{Cc}\n\t]|\p{Bidi_C}|\p{Cs}/gu, '')
    .trimEnd();
}

/** One line: characters that would break or steer it become a space. */
export function plainLine(text: string, most: number): string {
  const line = text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_C}\p{Cs}]+/gu, ' ').trim();
  return plainText(line, most);
}
