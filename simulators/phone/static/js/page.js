// What a page says, read from its tree into what a phone can draw and follow. Unknown things are left out.

import { readField } from "./fields.js";

/** Read a tree of the presentation server. */
export function readPage(tree) {
  const first = (name) => tree.children.find((child) => child.name === name);
  const page = {
    id: tree.attributes.id ?? "",
    lang: tree.attributes.lang || "en",
    dir: tree.attributes.dir === "rtl" ? "rtl" : "ltr",
    header: readHeader(first("HeaderBox")),
    lines: [],
    active: -1,
    dialog: readDialog(first("DialogBox")),
    popup: readPopup(first("PopupBox")),
    softKeys: readSoftKeys(first("SoftKeys")),
    keys: readKeys(first("Keys")),
    numpad: readNumpad(first("Numpad")),
    idle: readIdle(first("IdleTimer")),
  };
  for (const box of tree.children) BOXES[box.name]?.(page, box);
  return page;
}

/** The page that a phone shows when there is none. */
export function noPage() {
  return plainPage("phone.no_page", ["No page", "OK tries again."]);
}

/** What it shows before it is switched on. */
export function offPage() {
  return plainPage("phone.off", []);
}

function plainPage(id, lines) {
  return {
    id, lang: "en", dir: "ltr", active: -1, dialog: null, popup: null, header: null,
    lines: lines.map((text) => ({ kind: "text", text })), softKeys: [], keys: {}, numpad: null, idle: null,
  };
}

const BOXES = {
  TextBox(page, box) {
    for (const line of box.children) if (line.name === "Line") page.lines.push({ kind: "text", text: line.text });
  },
  ListBox: readList,
  ActionlistBox: readList,
  FrameBox(page, box) {
    const form = { href: box.attributes.href ?? "", fields: [] };
    for (const child of box.children) {
      const field = readField(child);
      if (!field) continue;
      form.fields.push(field);
      if (page.active < 0 && child.attributes.focus === "true") page.active = page.lines.length;
      page.lines.push({ kind: "field", field, form });
    }
  },
  ProgressBar(page, box) {
    const max = Math.max(1, number(box.attributes.max, 1));
    const value = Math.min(max, Math.max(0, number(box.attributes.value, 0)));
    page.lines.push({ kind: "progress", text: box.attributes.label ?? "", share: value / max });
  },
  ImageBox(page, box) {
    const { uri = "", label = "", w, h } = box.attributes;
    page.lines.push({ kind: "image", text: label, uri, w: number(w, 0), h: number(h, 0) });
  },
  AudioBox(page, box) {
    const { uri = "", label = "" } = box.attributes;
    page.lines.push({ kind: "sound", text: label, uri });
  },
};

function readList(page, box) {
  const active = number(box.attributes.active, -1);
  const items = box.children.filter((child) => child.name === "Item");
  items.forEach((item, index) => {
    const { label = "", detail = "", icon = "", href = "" } = item.attributes;
    if (index === active && page.active < 0) page.active = page.lines.length;
    page.lines.push({ kind: "item", label, detail, icon, href });
  });
}

function readHeader(box) {
  return box ? { label: box.attributes.label ?? "", note: box.attributes.note ?? "" } : null;
}

function readDialog(box) {
  if (!box) return null;
  const lines = box.children.filter((child) => child.name === "Line").map((line) => line.text);
  const actions = box.children
    .filter((child) => child.name === "Action")
    .map((action) => ({ label: action.attributes.label ?? "", href: action.attributes.href ?? "" }));
  return { label: box.attributes.label ?? "", lines, actions };
}

function readPopup(box) {
  return box ? { label: box.attributes.label ?? "", seconds: number(box.attributes.timeout, 2) } : null;
}

function readSoftKeys(box) {
  return (box?.children ?? [])
    .filter((child) => child.name === "SoftKey")
    .map(({ attributes }) => ({
      position: number(attributes.position, -1),
      label: attributes.label ?? "",
      href: attributes.href ?? "",
      submit: attributes.submit === "true" || attributes.submit === "1",
    }));
}

function readKeys(box) {
  const keys = {};
  for (const child of box?.children ?? []) {
    if (child.name === "Key" && child.attributes.name) keys[child.attributes.name] = child.attributes.href ?? "";
  }
  return keys;
}

function readNumpad(box) {
  return box?.attributes.href ? { href: box.attributes.href, wait: number(box.attributes.wait, 600) } : null;
}

function readIdle(box) {
  if (!box?.attributes.href) return null;
  return { href: box.attributes.href, after: Math.max(0.2, number(box.attributes.after, 60)) };
}

function number(text, otherwise) {
  const value = Number.parseFloat(text);
  return Number.isFinite(value) ? value : otherwise;
}
