/** Numbers for device names, so that a rule's name and a packet's are compared as numbers. Equal names have equal numbers; a number is never used again. */
export class DeviceNames {
  private readonly numbers = new Map<string, number>();

  number(name: string): number {
    const known = this.numbers.get(name);
    if (known !== undefined) return known;
    const number = this.numbers.size;
    this.numbers.set(name, number);
    return number;
  }
}
