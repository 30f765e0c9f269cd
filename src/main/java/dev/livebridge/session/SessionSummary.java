package dev.livebridge.session;

import java.time.Duration;

/**
 * What an operator may know of an open session: no content, no user, no address.
 *
 * @param id as in the logs
 * @param dialect the client's wire format
 * @param state the label of its state
 * @param model the negotiated model, empty before there is one
 * @param age since its socket opened
 * @param quiet since the last activity
 * @param queueBytesUp bytes that wait for the model
 * @param queueBytesDown bytes that wait for the client
 * @param bytesPerSecondUp payload written to the model, over the last seconds
 * @param bytesPerSecondDown payload written to the client, over the last seconds
 */
public record SessionSummary(
        String id,
        String dialect,
        String state,
        String model,
        Duration age,
        Duration quiet,
        long queueBytesUp,
        long queueBytesDown,
        long bytesPerSecondUp,
        long bytesPerSecondDown) {}
