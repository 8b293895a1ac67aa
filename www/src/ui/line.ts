/** A curve over the steps. */
export interface Line {
  /** Which it is; nobody sees it. */
  label: string;
  ink: string;
  values: (number | null)[];
  /** Behind the others, thin. */
  pale?: boolean;
  dash?: number[];
  /** Joined over steps at which it was not measured. */
  sparse?: boolean;
}
