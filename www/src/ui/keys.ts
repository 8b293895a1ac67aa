/** Keys of the page. */

/** Whether a key, or what is pasted, belongs to the field or the dialog that has the focus. */
export function typing(event: Event): boolean {
  return event.target instanceof Element && event.target.closest('input:not([type=checkbox], [type=range]), select, dialog') !== null;
}
