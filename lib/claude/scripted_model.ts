/** A model that gives prepared answers in order: for tests of what uses a model. */
import type { FailureKind } from "../records/call.ts";
import { ClaudeError } from "./errors.ts";
import { functionModel } from "./function_model.ts";
import type { AskOptions, Model, ModelRequest, Reply } from "./model.ts";

/** One prepared answer: reply text, a value that becomes JSON, or a failure. */
export type ScriptStep = string | Record<string, unknown> | {
  readonly fails: FailureKind;
  readonly detail?: string;
};

/** A scripted model and what it was asked. */
export interface ScriptedModel extends Model {
  /** Every request so far, in order */
  readonly asked: readonly ModelRequest[];
}

/**
 * Answers the n-th request with the n-th step. Failures are thrown as any backend throws them, without retry.
 *
 * @throws {ClaudeError} of kind "embedded", from `ask`, when the script is at its end
 */
export function scriptedModel(name: string, steps: readonly ScriptStep[]): ScriptedModel {
  const asked: ModelRequest[] = [];
  const inner = functionModel(name, () => {
    const step = steps[asked.length - 1];
    if (step === undefined) {
      throw new RangeError(`the script has ${steps.length} answers, one more is wanted`);
    }
    return step;
  });
  return {
    name,
    identity: inner.identity,
    asked,
    ask: (request: ModelRequest, options: AskOptions = {}): Promise<Reply> => {
      asked.push(request);
      const step = steps[asked.length - 1];
      if (typeof step === "object" && "fails" in step) {
        return Promise.reject(
          new ClaudeError(step.fails as FailureKind, {
            program: name,
            detail: step.detail as string | undefined,
          }),
        );
      }
      return inner.ask(request, options);
    },
  };
}
