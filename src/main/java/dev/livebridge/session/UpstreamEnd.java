package dev.livebridge.session;

/**
 * Why an upstream connection ended or never came to be, already translated for people.
 *
 * @param code the WebSocket close code, or 1006 when there was none
 * @param cause what the session's ending will be called if nothing can be saved
 * @param retry what a new attempt could achieve
 * @param message one sentence for people, with the service's own words where it had some; free of secrets
 */
public record UpstreamEnd(int code, EndCause cause, RetryClass retry, String message) {}
