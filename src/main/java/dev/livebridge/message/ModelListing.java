package dev.livebridge.message;

import java.util.List;

/** The list of models for clients. */
public interface ModelListing {

    /**
     * The models that clients may name and Gemini offers, the default one first. May block for some seconds, until
     * Gemini has answered; without an answer the list is that of the catalogue.
     */
    List<ListedModel> listed();
}
