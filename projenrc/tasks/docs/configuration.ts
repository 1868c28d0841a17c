/** Writes the reference of dataworks.json into the README of the package in the working directory. */
import { keyTable } from './keys';
import { writeParts } from './markdown';

writeParts('README.md', { keys: keyTable() });
