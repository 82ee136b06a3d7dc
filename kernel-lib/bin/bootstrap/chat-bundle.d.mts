export function bundleChat(folder?: string): Promise<void>;
