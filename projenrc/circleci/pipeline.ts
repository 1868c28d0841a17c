import { circleci } from 'projen';
import type { Monorepo } from '../monorepo';

export class Pipeline extends circleci.Circleci {
  constructor(repo: Monorepo) {
    super(repo, { jobs: [], workflows: [] });
  }
}
