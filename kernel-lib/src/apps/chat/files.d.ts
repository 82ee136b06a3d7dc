/** Made at build time by `bin/bootstrap/chat-files.mjs`: the files of `chapters/05-chat/app`, by name. */
export declare const CHAT_FILES: Readonly<Record<string, string>>;
