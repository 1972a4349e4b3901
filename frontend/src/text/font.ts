/** The fonts of a figure, for its elements and for the text that is drawn on canvases. */
export const FONT_FAMILY = "system-ui, 'Segoe UI', Roboto, sans-serif";
