import type { components } from './schema';

type Schemas = components['schemas'];

export type Asset = Schemas['Asset'];
export type AssetPage = Schemas['AssetPage'];
export type AssetState = Schemas['AssetState'];
export type BroughtMessage = Schemas['BroughtMessage'];
export type Conversation = Schemas['Conversation'];
export type ConversationChange = Schemas['ConversationChange'];
export type ConversationPage = Schemas['ConversationPage'];
export type Generation = Schemas['Generation'];
export type GenerationEdit = Schemas['GenerationEdit'];
export type GenerationPage = Schemas['GenerationPage'];
export type Health = Schemas['Health'];
export type Kind = Schemas['Kind'];
export type KindList = Schemas['KindList'];
export type KindName = Schemas['KindName'];
export type Ledger = Schemas['Ledger'];
export type ModelList = Schemas['ModelList'];
export type NewGeneration = Schemas['NewGeneration'];
export type Message = Schemas['Message'];
export type NewConversation = Schemas['NewConversation'];
export type NewMessage = Schemas['NewMessage'];
export type Problem = Schemas['Problem'];
export type Progress = Schemas['Progress'];
export type SentMessage = Schemas['SentMessage'];
export type WholeConversation = Schemas['WholeConversation'];
