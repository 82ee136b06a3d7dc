import { InvalidArgumentError } from "commander";

/** Reads an option's value as a whole number in a range; commander prints the message beside the option's name. */
export function wholeNumber(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^-?\d+$/.test(text) || value < low || value > high)
      throw new InvalidArgumentError(`Not a whole number from ${low} to ${high}.`);
    return value;
  };
}
