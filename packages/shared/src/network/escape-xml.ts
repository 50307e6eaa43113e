// oxlint-disable-next-line no-control-regex -- these are what XML 1.0 cannot hold, not even escaped
const notXml = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;', '\r': '&#13;' };

/** Text as it may stand in an XML document, in content or in a quoted attribute. */
export function escapeXml(text: string): string {
  return text.toWellFormed().replace(notXml, '\ufffd').replace(/[&<>"'\r]/g, (character) => entities[character] ?? character);
}
