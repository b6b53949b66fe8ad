"""The rules for GS1 data, by their stable names, each with what goes wrong where it is ignored."""

from __future__ import annotations

from collections.abc import Mapping

RULES: Mapping[str, str] = {
    # Reading
    "empty": "a reader takes it for a symbol without data",
    "too-long": "no symbol can hold it",
    "symbology": "a reader takes digits of another meaning for identifiers",
    "not-an-element-string": "a reader has to guess where identifiers begin",
    "no-element-strings": "whoever waits for identifiers gets none",
    "unknown-identifier": "a reader cannot tell where its value ends, nor any after it",
    "missing-separator": "the elements behind it are swallowed and never seen",
    "separator-unjudged": "nobody can say whether elements behind it are swallowed",
    # GS1 Digital Link
    "link-form": "a browser or resolver goes elsewhere",
    "link-without-key": "a resolver finds nothing that is identified",
    "link-path": "a resolver takes the qualifiers for other ones",
    "link-attribute": "a resolver leaves it out of what is identified",
    "link-repeat": "two readers pick different values",
    # Form of a value
    "length": "a reader cuts it, or takes the next element for a part of it",
    "characters": "other systems cannot print, key or store it",
    # Meaning of a value
    "check-digit": "a misread or mistyped key names another object, or none",
    "check-characters": "a misread or mistyped model number names another model, or none",
    "company-prefix": "the issuer of the key cannot be told",
    "company-prefix-second": "the issuer of the key cannot be told",
    "key-of-zeros": "a placeholder passes for the key of an object",
    "country": "the origin is attributed to no country",
    "country-or-several": "the origin is attributed to no country",
    "country-letters": "the address lies in no country",
    "currency": "the amount has no value",
    "date": "a day is invented or the element is dropped",
    "date-day-open": "a day is invented or the element is dropped",
    "long-date": "a day is invented or the element is dropped",
    "hour-minute": "an instant is invented or the element is dropped",
    "hour": "an instant is invented or the element is dropped",
    "minute": "an instant is invented or the element is dropped",
    "second": "an instant is invented or the element is dropped",
    "percent-encoding": "the text is shown with stray signs or cut",
    "yes-or-no": "a reader takes it for yes or for no",
    "minus-sign": "a temperature gets the wrong sign",
    "importer-index": "the importer cannot be told",
    "package-type": "the freight unit is of no known type",
    "media-type": "the carrier of the symbol is of no known type",
    "sex": "the person's record is refused or changed",
    "position-of-total": "one of several births is taken for another",
    "piece-of-total": "a set is taken for complete when it is not",
    "winding": "a roll is mounted the wrong way round",
    "not-zero": "a roll without extent is booked",
    "zero": "the key is read from the wrong place",
    "iban": "money goes to another account, or none",
    "no-leading-zero": "one part has two serial numbers",
    "not-only-digits": "the identifier is mistaken for a trade item number",
    "latitude": "the place lies nowhere on the earth",
    "longitude": "the place lies nowhere on the earth",
    "coupon": "a till refuses the coupon, or grants another one",
    "coupon-offer": "a till refuses the coupon, or grants another one",
    # Elements together
    "contradicting-repeat": "two readers believe different values",
    "missing-companion": "the value says something about an object that is not named",
    "forbidden-companion": "the object has two identities or two measures",
    "unserialised-signed-key": "a signature vouches for a class instead of one object",
    "expiry-before-production": "goods are expired before they exist",
}
