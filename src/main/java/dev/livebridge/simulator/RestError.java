package dev.livebridge.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * An error of the REST resources, in the shape all of Google's have (gemini-live-api.md section 2.4).
 *
 * @param reason of the {@code ErrorInfo} detail; empty for none
 */
record RestError(int code, String status, String message, String reason) {

    static RestError invalid(String message) {
        return new RestError(400, "INVALID_ARGUMENT", message, "");
    }

    static RestError notFound(String message) {
        return new RestError(404, "NOT_FOUND", message, "");
    }

    ObjectNode body() {
        ObjectNode body = Wire.object();
        ObjectNode error = body.putObject("error");
        error.put("code", code);
        error.put("message", message);
        error.put("status", status);
        if (!reason.isEmpty()) {
            ObjectNode detail = error.putArray("details").addObject();
            detail.put("@type", "type.googleapis.com/google.rpc.ErrorInfo");
            detail.put("reason", reason);
            detail.put("domain", "googleapis.com");
            detail.putObject("metadata").put("service", "generativelanguage.googleapis.com");
        }
        return body;
    }
}
