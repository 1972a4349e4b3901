/** Data that is not damaged but was not reached: a server or a kernel did not answer. Asking again may help. */
export class Unreached extends Error {}
