package dev.livebridge.agents;

/**
 * What clients may know of an agent before a conversation.
 *
 * @param name by which it is chosen
 * @param title for people
 */
public record AgentTitle(String name, String title) {}
