/** What belongs to the page as a whole: its head, its help, its files. */

export const page = {
  title: 'sparring: watch a GAN learn',
  rooms: { label: 'Rooms', lab: 'Lab', latent: 'Latent' },
  helpButton: 'Help and keys',
  languageMissing: (name: string) => `The words of ${name} could not be fetched; the page stays as it was.`,
  partMissing: (why: string) => `This part of the page could not be fetched (${why}); reload the page.`,
  /** Sentences one after another. */
  sentences: (said: string[]) => said.filter(Boolean).join(' '),
  asTable: 'As a table',
  chooseAnother: 'choose another file',
  tooLarge: (name: string, mebibytes: number) => `${name}: ${mebibytes} MiB is larger than any file of this program`,
  engine: {
    stopped: (why: string) => `the engine stopped: ${why}`,
    whatNow: 'start anew with ↺, or load a checkpoint; if that fails, reload the page',
    answered: (event: string) => `the engine answered \`${event}\``,
    reload: 'reload the page',
    runsOnCpu: (why: string) => `Runs on the CPU because ${why}.`,
    continuesOnCpu: (images: string, why: string) => `Continues on the CPU from image ${images} because ${why}.`,
  },
  presenter: {
    begin: 'Presenter',
    help: 'Presenter: large letters, and no forms (p)',
    end: 'End presenting',
    endHelp: 'Back to the whole page (p or Escape)',
    /** Behind the data. */
    by: (method: string, changed: number) => `· ${method}${changed > 0 ? `, ${changed} ${changed === 1 ? 'setting' : 'settings'} changed` : ''}`,
  },
  help: {
    title: 'What you see',
    /** Around the two marks. */
    what: {
      before: 'Two networks spar. The generator G turns noise into samples (',
      fakes: '△ fakes',
      between: '); the critic D tells them from data (',
      reals: '● reals',
      after: "). The colours of the stage are D's opinion: blue where it finds a point real, orange where fake. When G is good, D has nothing left to say.",
    },
    where: 'Everything runs in this page; nothing is sent anywhere. Drop a checkpoint (.sparring) or exported weights (.safetensors) anywhere.',
    keys: 'Keys',
    close: 'Close',
    and: 'and',
    space: 'Space',
    meanings: {
      play: 'train, or pause',
      step: 'one step',
      one: 'one step in which D alone learns, or G alone',
      speed: 'slower, faster',
      time: 'back and forth through the run',
      reset: 'back to image 0, with the settings as they stand in the form',
      seed: 'the same with a new seed',
      layers: 'the layers of the stage, in their order',
      slow: 'slow motion: one step in phases; n and p go on and back in it, Escape ends it',
      compare: 'a second run to compare, from here',
      link: 'copy the link to this run',
      files: 'to the files: checkpoint, weights, pictures, film',
      present: 'presenter: large letters, and no forms; p again, or Escape, ends it',
      paste: 'train on points from the clipboard, two numbers a row',
      help: 'this help',
    },
    layerKeys: '1 to 8',
  },
};
