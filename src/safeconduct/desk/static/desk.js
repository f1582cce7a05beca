// What plain forms cannot do: keys for lists of proposals, and progress of work. Every page works without it.
"use strict";
