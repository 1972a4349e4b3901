/** Files and the clipboard. Pages in a sandbox may do neither, and a download that is not allowed fails without a word. */

/** Whether this page is a frame that may have no downloads: it cannot find out. */
export function isSandboxed(): boolean {
  return origin === "null" && location.protocol !== "file:";
}

let last = "";

/** Offers a file to be saved. */
export function saveFile(content: Blob, name: string): void {
  URL.revokeObjectURL(last); // the one before is saved by now
  last = URL.createObjectURL(content);
  const anchor = document.createElement("a");
  anchor.href = last;
  anchor.download = name;
  document.body.append(anchor); // VS Code saves what is clicked inside of the document
  anchor.click();
  anchor.remove();
}

/** Copies a text; false where the browser refuses. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyByEvent({ "text/plain": text });
  }
}

/** Copies a picture: as a picture, else, in a frame that may not, as HTML that holds it. */
export async function copyPicture(picture: Blob, url: string): Promise<boolean> {
  try {
    await navigator.clipboard.write([new ClipboardItem({ [picture.type]: picture })]);
    return true;
  } catch {
    return copyByEvent({ "text/html": `<img src="${url}">` });
  }
}

/** The older way, which needs no permission. */
function copyByEvent(content: Record<string, string>): boolean {
  let copied = false;
  const copy = (event: ClipboardEvent) => {
    for (const [type, text] of Object.entries(content)) event.clipboardData?.setData(type, text);
    event.preventDefault();
    event.stopImmediatePropagation();
    copied = true;
  };
  document.addEventListener("copy", copy, { capture: true });
  document.execCommand("copy");
  document.removeEventListener("copy", copy, { capture: true });
  return copied;
}

/** A text as a part of a file's name: "Head 9.6" is "head-9.6". */
export function fileName(text: string): string {
  const name = text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}.]+/gu, "-")
    .slice(0, 60);
  return name.replace(/^[-.]+|[-.]+$/g, "") || "figure";
}
