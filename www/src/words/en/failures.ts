/** What the engine refuses or fails at. English is the engine's own; other languages say it by its code, and a setting by its title. */

export const failures = {
  message: (english: string, _code: string, _setting: string) => english,
  hint: (english: string, _code: string) => english,
};
