// A reporter of vitest for checks: silent about what passes, at once and in few lines about what does not, and the number of
// tests that passed as the last line.
import { relative } from 'node:path';

/** Of one error. */
const maxLines = 20;

export default class ShortReporter {
  #root = '';
  #passed = 0;

  onInit({ config }) {
    this.#root = config.root;
  }

  onTestCaseResult(test) {
    const { state, errors } = test.result();
    if (state === 'passed') this.#passed += 1;
    if (state === 'failed') this.#tell(`${this.#file(test.module)} > ${test.fullName}`, errors);
  }

  /** A suite whose hook fails, and a file that does not load. */
  onTestSuiteResult(suite) {
    this.#tell(`${this.#file(suite.module)} > ${suite.fullName}`, suite.errors());
  }

  onTestModuleEnd(module) {
    this.#tell(this.#file(module), module.errors());
  }

  onTestRunEnd(_modules, uncaught) {
    this.#tell('Nobody caught', uncaught);
    console.log(`${this.#passed} tests pass`);
  }

  #file({ moduleId }) {
    return relative(this.#root, moduleId);
  }

  #tell(what, errors) {
    for (const error of errors) console.log(`${what}\n${short(error)}\n`);
  }
}

/** Without the places inside of packages. */
function short({ name, message, diff, stack }) {
  const places = (stack ?? '').split('\n').filter((line) => /^\s+at /.test(line) && !line.includes('/node_modules/'));
  const lines = [`${name}: ${message}`, ...(diff ?? '').split('\n'), ...places].filter((line) => line.trim() !== '');
  const left = lines.length - maxLines;
  return (left > 0 ? [...lines.slice(0, maxLines), `(and ${left} lines more)`] : lines).join('\n');
}
