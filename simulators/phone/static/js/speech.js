// What a screen reader says of a page and of a line of it.

const LINES = 20;

/** Say a page. */
export function spokenPage(page) {
  const parts = [page.popup?.label, page.header?.label, page.header?.note];
  if (page.dialog) parts.push(page.dialog.label, ...page.dialog.lines, ...page.dialog.actions.map((action) => action.label));
  else parts.push(...page.lines.slice(0, LINES).map(spokenLine));
  return parts.filter(Boolean).join(". ");
}

/** Say a line. A password is never said. */
export function spokenLine(line) {
  if (!line) return "";
  if (line.kind === "item") return [line.label, line.detail].filter(Boolean).join(", ");
  if (line.kind === "field") return line.field.masked ? line.field.label : `${line.field.label} ${line.field.value}`;
  if (line.kind === "progress") return `${line.text} ${Math.round(line.share * 100)} %`;
  return line.text;
}
