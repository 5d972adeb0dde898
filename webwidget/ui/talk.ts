// The talk is what a conversation needs: it is fetched while the visitor fills in the form, or when there is a conversation.

export { newAsk } from "./ask";
export { newChat } from "./chat";
export { default as css } from "./talk.css";
