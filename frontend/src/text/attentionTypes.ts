/** The attention types by name and as formulas. */
import type { AttentionType } from "../props";

export const TYPE_NAMES: Record<AttentionType, string> = {
  standard: "Standard",
  "value-weighted": "Value-weighted",
  "info-weighted": "Info-weighted",
};

export const TYPE_FORMULAS: Record<AttentionType, string> = {
  standard: "attention probability A",
  "value-weighted": "A × |v| / max |v|",
  "info-weighted": "A × |v·W_O| / max |v·W_O|",
};
