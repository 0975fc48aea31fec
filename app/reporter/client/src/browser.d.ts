// What browsers have and TypeScript's own list of them lacks, as far as it is used here.

/** Only in a worker. */
declare var WorkerGlobalScope: { new (): object } | undefined;

/** Trusted Types, where there are any. What a policy makes goes where a string would go. */
type TrustedRules = { createScriptURL?: (text: string) => string; createHTML?: (text: string) => string };
declare var trustedTypes:
  | {
      createPolicy(name: string, rules: TrustedRules): Required<TrustedRules>;
    }
  | undefined;
