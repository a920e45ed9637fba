"""The list of applicants as the first system served it: Flask, flask-jwt-extended and SQLAlchemy on SQLite.

    python flask_app.py DATABASE APPLICANTS   makes the database, and prints an access token
    DATABASE=… gunicorn flask_app:app         serves it
"""
import collections
import collections.abc
import os
import sys

# These versions were written for a Python before 3.10.
for _name in ("Mapping", "MutableMapping", "Iterable", "Container", "MutableSet", "Callable"):
    if not hasattr(collections, _name):
        setattr(collections, _name, getattr(collections.abc, _name))

from flask import Flask, jsonify  # noqa: E402
from flask_jwt_extended import JWTManager, create_access_token, jwt_required  # noqa: E402
from sqlalchemy import Column, ForeignKey, Integer, String, create_engine  # noqa: E402
from sqlalchemy.ext.declarative import declarative_base  # noqa: E402
from sqlalchemy.orm import joinedload, relationship, scoped_session, sessionmaker  # noqa: E402

Base = declarative_base()


class User(Base):
    __tablename__ = "users"
    id = Column(Integer, primary_key=True)
    email = Column(String, unique=True)


class Applicant(Base):
    __tablename__ = "applicants"
    id = Column(Integer, primary_key=True)
    name = Column(String)
    opening = Column(String)
    received = Column(String)
    state = Column(String)
    label = Column(String)
    user_id = Column(Integer, ForeignKey("users.id"))
    outcome = Column(String)
    probability = Column(Integer)
    model = Column(Integer)
    user = relationship(User)

    def row(self):
        return {
            "applicant": self.id, "name": self.name, "opening": self.opening,
            "received": self.received, "state": self.state, "label": self.label,
            "labelledBy": self.user.email if self.user else None, "outcome": self.outcome,
            "probability": self.probability, "model": self.model, "flags": [],
        }


engine = create_engine("sqlite:///" + os.environ.get("DATABASE", sys.argv[1] if sys.argv[1:] else ""))
session = scoped_session(sessionmaker(bind=engine))
app = Flask(__name__)
app.config["JWT_SECRET_KEY"] = "s" * 32
JWTManager(app)


@app.teardown_appcontext
def close(_):
    session.remove()


@app.route("/applicant/<int:limit>/<int:page>")
@jwt_required
def applicants(limit, page):
    query = session.query(Applicant)
    found = query.options(joinedload(Applicant.user)).order_by(Applicant.id.desc()).offset(
        (page - 1) * limit).limit(limit)
    return jsonify(applicants=[one.row() for one in found], total=query.count())


def main():
    Base.metadata.create_all(engine)
    session.add(User(id=1, email="sato@example.jp"))
    session.bulk_insert_mappings(Applicant, (
        {"id": number, "name": f"応募者{number}",
         "opening": "sales" if number % 3 == 0 else "engineer",
         "received": "2026-11-26T00:00:00.000Z", "state": "active",
         "label": "ok" if number % 2 else "ng", "user_id": 1, "outcome": "review",
         "probability": number * 7919 % 9973, "model": 1}
        for number in range(1, int(sys.argv[2]) + 1)))
    session.commit()
    with app.app_context():
        print(create_access_token("sato@example.jp", expires_delta=False))


if __name__ == "__main__":
    main()
